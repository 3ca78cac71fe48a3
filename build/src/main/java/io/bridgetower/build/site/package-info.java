/** The pages of the project as a site. */
package io.bridgetower.build.site;
