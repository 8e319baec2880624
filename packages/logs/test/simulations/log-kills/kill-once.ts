import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { createShipper, memorySink, type Durability } from '@exprsn/logs'

const child = fileURLToPath(new URL('child.fixture.ts', import.meta.url))

/** Lines that a process logs, and in how many turns of its loop. */
export interface Life {
  readonly durability: Durability
  /** Lines well before the kill. */
  readonly early: number
  /** Lines in the tick of the kill. */
  readonly late: number
}

/** Lets a process log and kill itself; gives the numbers of the lines that its heir finds. */
export async function killOnce({ durability, early, late }: Life): Promise<readonly number[]> {
  const folder = await makeTemporaryFolder(systemDisk)
  try {
    const spool = `${folder}/spool`
    const flags = ['--conditions=@exprsn/source', child, spool, durability, String(early), String(late)]
    const [, signal] = await once(spawn(process.execPath, flags, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
    if (signal !== 'SIGKILL') throw new Error('The process did not die as it should.')
    const sink = memorySink()
    const heir = createShipper({ sinks: [sink], spool, adoptAfter: 0 })
    await heir.start()
    await heir.flush()
    await heir.close()
    return sink.records.map(({ fields }) => Number(fields.index))
  } finally {
    await removeTree(systemDisk, folder)
  }
}
