/** Where the console and the API live. Both follow from the page, so that a path prefix or another host needs no new build. */

function named(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="duplex-api"]')?.content.trim() ?? "";
}

/** The gateway's address without a trailing slash, such as `https://gateway.example.com/whatsapp`. */
export const apiAddress: string = (named() || document.baseURI).replace(/[?#].*$/, "").replace(/\/$/, "");

/** The path below which the console's own pages live, `/` or `/prefix/`. */
export const basePath: string = new URL(document.baseURI).pathname;
