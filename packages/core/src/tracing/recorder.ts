import type { SpanRecorder } from './span.ts'

let recorder: SpanRecorder | undefined

/** What records spans in this process; undefined while nothing does. */
export function installedRecorder(): SpanRecorder | undefined {
  return recorder
}

/** Makes something record the spans of this process, in the place of what did before. Returns a function that undoes it. */
export function useSpanRecorder(next: SpanRecorder): () => void {
  recorder = next
  return () => {
    if (recorder === next) recorder = undefined
  }
}
