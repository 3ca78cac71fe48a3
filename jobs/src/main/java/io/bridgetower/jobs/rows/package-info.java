/** What goes into a job and what comes out, row by row. */
package io.bridgetower.jobs.rows;
