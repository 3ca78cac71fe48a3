/** The commands of {@code bridgetower-spark.jar}, for {@code spark-submit}. */
package io.bridgetower.spark.submit;
