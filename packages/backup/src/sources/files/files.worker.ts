import { systemRandom } from '@exprsn/core'
import { systemDisk } from '@exprsn/core/disk'
import { serveTasks, withTransfer, type Transferred } from '@exprsn/core/workers'
import type { AssembledPack, PackSettings } from '../../repository/writer/blob-writer.ts'
import type { FileJob, FileOutcome } from './file-job.ts'
import { createFileReader, type FileReader } from './read-files.ts'
import { SharedIdSet } from './shared-id-set.ts'

/** What one call did: a pack that is full, or the outcomes of all files. */
export interface ReadStep {
  readonly pack?: AssembledPack | undefined
  readonly outcomes?: FileOutcome[] | undefined
}

/** The tasks of the worker, for the pool. */
export type FilesTasks = typeof tasks

let reader: FileReader
let run: Generator<AssembledPack, FileOutcome[], void>

/** Reads files in a thread of its own. */
export const tasks = serveTasks({
  begin(options: {
    readonly settings: PackSettings
    readonly known: SharedArrayBuffer
    readonly chunker: 'gear' | 'rabin'
  }) {
    const known = new SharedIdSet(options.known)
    reader = createFileReader({ ...options, known, disk: systemDisk, random: systemRandom })
  },
  read(jobs: readonly FileJob[]) {
    run = reader.read(jobs)
    return step()
  },
  next(spare: readonly ArrayBuffer[]) {
    for (const memory of spare) reader.recycle(memory)
    return step()
  },
  finish() {
    const pack = reader.finish()
    return withTransfer({ pack }, pack === undefined ? [] : transferOf(pack))
  },
})

function step(): Transferred<ReadStep> {
  const { done, value } = run.next()
  return done ? withTransfer({ outcomes: value }, []) : withTransfer({ pack: value }, transferOf(value))
}

/** A pack has a buffer of its own, which moves. */
function transferOf({ bytes }: AssembledPack): ArrayBuffer[] {
  return [bytes.buffer as ArrayBuffer]
}
