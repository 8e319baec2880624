import { sleep, type Clock } from '@exprsn/core'
import type { ServerProcess } from './server-process.ts'

/** One way to ask a program to end, and how long it may take, in milliseconds, before the next one is tried. */
export interface StopStep {
  readonly signal: NodeJS.Signals
  readonly patience: number
}

/** Ends a server program step by step; resolves when it and its children have ended. */
export async function stopProcess(server: ServerProcess, steps: readonly StopStep[], clock: Clock): Promise<void> {
  server.hold(true)
  for (const { signal, patience } of [...steps, { signal: 'SIGKILL' as const, patience: 5_000 }]) {
    server.kill(signal)
    if (await within(server.closed, patience, clock)) return
  }
}

/** Whether something happens in time; no timer is left behind when it does. */
async function within(happening: Promise<void>, patience: number, clock: Clock): Promise<boolean> {
  const patienceEnds = new AbortController()
  try {
    return await Promise.race([
      happening.then(() => true),
      sleep(patience, { clock, signal: patienceEnds.signal }).then(
        () => false,
        () => true,
      ),
    ])
  } finally {
    patienceEnds.abort()
  }
}
