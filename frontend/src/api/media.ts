import { apiAddress } from "./address";

/** From where a page may load a medium that the gateway keeps. Pages can't set headers there, so the address names the workspace. */
export function mediaUrl(workspace: string, id: string, use: "show" | "download" = "show"): string {
  const query = new URLSearchParams({ ...(use === "show" && { inline: "true" }), workspace });
  return `${apiAddress}/api/v1/media/${id}/content?${query}`;
}

/** The same for a file on the virtual phone, whose address begins at the API; a link of the business leads elsewhere. */
export function phoneFileUrl(workspace: string, path: string): string | undefined {
  if (!path.startsWith("/api/")) {
    return undefined;
  }
  return `${apiAddress}${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ workspace })}`;
}
