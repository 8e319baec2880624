/** An abort signal that counts the listeners that were put on and taken off. */
export interface CountedSignal {
  readonly signal: AbortSignal
  abort(reason: unknown): void
  readonly counts: { added: number; removed: number }
}

/** Makes one. */
export function countedSignal(): CountedSignal {
  const controller = new AbortController()
  const { signal } = controller
  const counts = { added: 0, removed: 0 }
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...parts: Parameters<typeof add>) => (counts.added++, add(...parts))
  signal.removeEventListener = (...parts: Parameters<typeof remove>) => (counts.removed++, remove(...parts))
  return { signal, abort: (reason) => controller.abort(reason), counts }
}
