// Files that are dragged over a chat and let go there.

import { el } from '../dom';
import { t } from '../texts';

/** Shows over `root` that files may be let go, and gives those that are. */
export function takesDrops(root: HTMLElement, take: (files: File[]) => void): void {
  const sign = el('div.layim-drop', { hidden: true, 'aria-hidden': 'true' }, t('dropHere'));
  root.append(sign);
  let depth = 0;
  const has = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  const leave = () => {
    depth = 0;
    sign.hidden = true;
  };
  root.addEventListener('dragenter', (event) => {
    if (!has(event)) return;
    depth += 1;
    sign.hidden = false;
  });
  root.addEventListener('dragover', (event) => {
    if (has(event)) event.preventDefault();
  });
  root.addEventListener('dragleave', () => {
    depth -= 1;
    if (depth <= 0) leave();
  });
  root.addEventListener('drop', (event) => {
    leave();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    take(files);
  }, true);
}
