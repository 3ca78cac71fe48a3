/** The files of a job that can be interrupted: part file, journal, lock. */
package io.bridgetower.jobs.journal;
