import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openServerDesk } from './server-desk.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The Unix socket at which tests ask for the run's shared servers. */
    serverDesk: string
  }
}

/** Runs in vitest's main process, once per run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const socketPath = join(tmpdir(), `exprsn-desk-${randomBytes(4).toString('hex')}.sock`)
  const desk = await openServerDesk(socketPath)
  project.provide('serverDesk', socketPath)
  return () => desk.close()
}
