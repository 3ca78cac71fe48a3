/** What runs on executors: one shared model for each, and the rows of a partition computed with it. */
package io.bridgetower.spark.executor;
