import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { createShipper, memorySink, type Durability } from '@exprsn/logs'
import { build } from 'esbuild'

const child = fileURLToPath(new URL('child.fixture.ts', import.meta.url))
let program: Promise<Uint8Array> | undefined

/** Lines that a process logs, and in how many turns of its loop. */
export interface Life {
  readonly durability: Durability
  /** Lines well before the kill. */
  readonly early: number
  /** Lines in the tick of the kill. */
  readonly late: number
  /** Bytes after which the log begins another file. */
  readonly segmentBytes: number
}

/** Lets a process log and kill itself; gives the numbers of the lines that its heir finds. */
export async function killOnce({ durability, early, late, segmentBytes }: Life): Promise<readonly number[]> {
  const folder = await makeTemporaryFolder(systemDisk)
  try {
    const spool = `${folder}/spool`
    const life = [spool, durability, early, late, segmentBytes].map(String)
    const victim = spawn(process.execPath, ['-', ...life], { stdio: ['pipe', 'ignore', 'inherit'] })
    const exit = once(victim, 'exit')
    victim.stdin.end(await (program ??= bundle()))
    const [, signal] = await exit
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

/** One script that is handed in through stdin: a process that strips types and resolves modules costs ten times as much. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [child],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    conditions: ['@exprsn/source'],
    logLevel: 'error',
  })
  return outputFiles[0]!.contents
}
