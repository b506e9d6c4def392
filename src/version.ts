// Which Samestep this is, for reports: the version of the package, held equal to package.json by its test.
export const VERSION = "0.1.0";
