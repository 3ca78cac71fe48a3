/** Offline jobs: {@link io.bridgetower.jobs.ScoringJob} over pairs from anywhere, {@link io.bridgetower.jobs.FileJob} over files. */
package io.bridgetower.jobs;
