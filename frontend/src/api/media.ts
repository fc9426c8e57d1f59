import { apiAddress } from "./address";

/** From where a page may load a medium that the gateway keeps. Pages can't set headers there, so the address names the workspace. */
export function mediaUrl(workspace: string, id: string): string {
  return `${apiAddress}/api/v1/media/${id}/content?${new URLSearchParams({ inline: "true", workspace })}`;
}
