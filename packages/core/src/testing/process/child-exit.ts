import type { ChildProcess } from 'node:child_process'

/** How a child process ended. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Resolves when the child has ended; at once when it had before. */
export function childExit(child: ChildProcess): Promise<ChildExit> {
  if (hasEnded(child)) return Promise.resolve({ code: child.exitCode, signal: child.signalCode })
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    // A program that could not be started has no exit.
    child.once('error', () => resolve({ code: null, signal: null }))
  })
}

/** Whether the child is gone, also when it never came to be. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}
