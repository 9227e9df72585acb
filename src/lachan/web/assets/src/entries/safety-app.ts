/** The facility's app. */
export {};
