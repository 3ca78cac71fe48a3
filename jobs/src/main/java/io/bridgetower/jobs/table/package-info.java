/** Tables in CSV and JSON Lines, read and written. */
package io.bridgetower.jobs.table;
