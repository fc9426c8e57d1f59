import { useMutation } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { useWorkspace } from "./workspace";

/** Uploads a file, so that messages and templates can name it. */
export function useUpload() {
  const { id } = useWorkspace();
  return useMutation({
    mutationFn: (file: File) => {
      const body = new FormData();
      body.append("file", file, file.name);
      return unwrap(
        api.POST("/api/v1/media", {
          headers: inWorkspace(id),
          // The schema has the parts; the browser writes the form.
          body: { file: "" },
          bodySerializer: () => body,
        }),
      );
    },
  });
}
