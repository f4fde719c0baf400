// Typed events: a map of names to payloads, and callbacks that cannot hurt each other.

export class Emitter<Events extends object> {
  private readonly callbacks = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Calls `callback` at each `name` from now on; the returned function ends that. */
  on<Name extends keyof Events>(name: Name, callback: (payload: Events[Name]) => void): () => void {
    const set = this.callbacks.get(name) ?? new Set();
    this.callbacks.set(name, set);
    set.add(callback);
    return () => void set.delete(callback);
  }

  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const callback of [...(this.callbacks.get(name) ?? [])]) {
      try {
        (callback as (payload: Events[Name]) => void)(payload);
      } catch (error) {
        // Reported as uncaught, so that it is seen, but after the other callbacks have had their turn.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
