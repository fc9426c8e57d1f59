/** What the log's head, tabs and filters leave of the screen. */
export const LOG_HEIGHT = "max(20rem, calc(100dvh - 22rem))";
