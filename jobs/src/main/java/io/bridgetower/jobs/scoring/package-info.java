/** How the pairs of a job are computed in bounded memory. Begin with {@code JobRun}. */
package io.bridgetower.jobs.scoring;
