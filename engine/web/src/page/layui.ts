// layui under a policy without eval. As it starts, layui reads options of its own components from attributes with
// `new Function`, also where there is no such component; here they are JSON or nothing.

interface Lay {
  options(element: unknown, which?: unknown): object;
}

/** Replaces the one function of layui's that would be refused; to be called before the page is ready. */
export function withoutEval(): void {
  const { lay } = (window as unknown as { layui: { lay: Lay } }).layui;
  lay.options = (element, which) => {
    const name = typeof which === 'string' ? which : ((which as { attr?: string } | undefined)?.attr ?? 'lay-options');
    const first = element instanceof Element ? element : (element as ArrayLike<unknown> | undefined)?.[0];
    const text = first instanceof Element ? first.getAttribute(name) : null;
    try {
      return text ? (JSON.parse(text) as object) : {};
    } catch {
      return {};
    }
  };
}
