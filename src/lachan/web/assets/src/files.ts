/**
 * A button of ours over each file field: the browser's own speaks the browser's language. The field
 * itself lies over the button, unseen, and takes the click, the key and what is dropped on it.
 */
export function fileFields(): void {
  const { fileChoose, fileNone, fileMany } = document.body.dataset;
  if (!fileChoose || !fileNone || !fileMany) return;
  for (const input of document.querySelectorAll<HTMLInputElement>("input.input[type=file]")) {
    const row = document.createElement("span");
    const button = document.createElement("span");
    const name = document.createElement("span");
    row.className = "file-field";
    button.className = "button button-secondary";
    button.textContent = fileChoose;
    name.className = "file-name";
    // A screen reader hears the field itself, which says what was chosen.
    button.ariaHidden = "true";
    name.ariaHidden = "true";
    input.replaceWith(row);
    row.append(input, button, name);
    const say = (): void => {
      const files = input.files ?? new DataTransfer().files;
      const [first] = files;
      name.textContent = !first ? fileNone : files.length > 1 ? fileMany.replace("#", String(files.length)) : first.name;
    };
    input.addEventListener("change", say);
    input.form?.addEventListener("reset", () => setTimeout(say));
    say();
  }
}
