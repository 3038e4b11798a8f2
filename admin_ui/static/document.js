// What Streamlit leaves out of the document itself: its language, and whether it is dark (dialogs hang beside the app's
// own element, so that without this they would not know the scheme); and that each group of its menu is a list.
export default function ({ data }) {
  document.documentElement.lang = data;
  const app = document.querySelector("[data-testid=stApp]");
  const tell = () => { document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme; };
  tell();
  const watch = new MutationObserver(tell);
  watch.observe(app, { attributes: true, attributeFilter: ["class", "style"] });

  // A heading may not stand among the items of a list, so that the list is told to be the group below its heading.
  const group = () => {
    for (const header of document.querySelectorAll("[data-testid=stNavSectionHeader]")) {
      header.parentElement.setAttribute("role", "list");
      header.parentElement.setAttribute("aria-label", header.firstElementChild.textContent.trim());
      header.parentElement.parentElement.setAttribute("role", "none");
    }
  };
  group();
  const menu = new MutationObserver(group);
  menu.observe(app, { childList: true, subtree: true });
  return () => { watch.disconnect(); menu.disconnect(); };
}
