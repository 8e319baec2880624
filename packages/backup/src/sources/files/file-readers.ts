import type { AssembledPack } from '../../repository/index.ts'
import type { FileJob, FileOutcome } from './file-job.ts'
import type { FileReader } from './read-files.ts'

/** One thread that reads files, or this one. */
export interface ReaderThread {
  /** Reads files; `onPack` is awaited for each pack, so that only a few are in memory. */
  read(jobs: readonly FileJob[], onPack: (pack: AssembledPack) => Promise<void>): Promise<FileOutcome[]>
  /** The pack that was begun, if any. */
  finish(): Promise<AssembledPack | undefined>
  /** Takes the memory of a pack back. */
  recycle(memory: ArrayBuffer): void
  close(): Promise<void>
}

/** Reads in this thread. */
export function inlineThread(reader: FileReader): ReaderThread {
  return {
    async read(jobs, onPack) {
      const run = reader.read(jobs)
      for (;;) {
        const step = run.next()
        if (step.done) return step.value
        await onPack(step.value)
      }
    },
    finish: async () => reader.finish(),
    recycle: (memory) => reader.recycle(memory),
    close: async () => {},
  }
}

/** Files in a batch, and bytes: enough that a thread is told seldom, few enough that both threads end together. */
const batchFiles = 256
const batchBytes = 8 * 1_024 * 1_024
/** Batches that a thread may be behind. */
const ahead = 2
/** Packs on their way to the store, of all threads: one each, or two of a single one. Each is 17 MB of memory. */
const packsUnderWay = 2

interface Waiting {
  readonly job: FileJob
  readonly resolve: (outcome: FileOutcome) => void
  readonly reject: (error: unknown) => void
}

/** Spreads files over threads in batches. */
export interface FileReaders {
  /** Takes a file; await {@link room} now and then. */
  read(job: FileJob): Promise<FileOutcome>
  /** Resolves when more files may be handed over. Rejects when reading or storing has failed. */
  room(): Promise<void>
  /** Reads what is left and stores the last packs. */
  finish(): Promise<void>
}

/** Reads files with these threads and hands their packs to `savePack`, which gives their memory back. */
export function createFileReaders(
  threads: readonly ReaderThread[],
  savePack: (pack: AssembledPack) => Promise<ArrayBuffer>,
): FileReaders {
  const lanes = threads.map((thread) => ({
    thread,
    tail: Promise.resolve(),
    waiting: 0,
    packs: new Set<Promise<void>>(),
  }))
  const packsPerLane = Math.max(1, Math.floor(packsUnderWay / lanes.length))
  let batch: Waiting[] = []
  let bytes = 0
  let failure: { readonly error: unknown } | undefined

  type Lane = (typeof lanes)[number]
  const fail = (error: unknown): void => void (failure ??= { error })
  const check = (): void => {
    if (failure !== undefined) throw failure.error
  }

  const store = async (lane: Lane, pack: AssembledPack): Promise<void> => {
    while (lane.packs.size >= packsPerLane) await Promise.race(lane.packs)
    check()
    const saving: Promise<void> = savePack(pack)
      .then((memory) => lane.thread.recycle(memory), fail)
      .finally(() => lane.packs.delete(saving))
    lane.packs.add(saving)
  }

  const run = async (lane: Lane, files: readonly Waiting[]): Promise<void> => {
    try {
      check()
      const jobs = files.map(({ job }) => job)
      const outcomes = await lane.thread.read(jobs, (pack) => store(lane, pack))
      for (const [index, { resolve }] of files.entries()) resolve(outcomes[index]!)
    } catch (error) {
      fail(error)
      for (const { reject } of files) reject(error)
    }
  }

  const dispatch = (): void => {
    if (batch.length === 0) return
    const files = batch
    batch = []
    bytes = 0
    const lane = lanes.reduce((least, each) => (each.waiting < least.waiting ? each : least))
    lane.waiting++
    lane.tail = lane.tail.then(() => run(lane, files)).finally(() => lane.waiting--)
  }

  return {
    read(job) {
      return new Promise((resolve, reject) => {
        batch.push({ job, resolve, reject })
        bytes += job.stat.size
        if (batch.length >= batchFiles || bytes >= batchBytes) dispatch()
      })
    },
    async room() {
      while (lanes.every(({ waiting }) => waiting >= ahead)) await Promise.race(lanes.map(({ tail }) => tail))
      check()
    },
    async finish() {
      dispatch()
      await Promise.all(
        lanes.map(async (lane) => {
          await lane.tail
          const last = failure === undefined ? await lane.thread.finish() : undefined
          if (last !== undefined) await store(lane, last)
          await Promise.all(lane.packs)
        }),
      )
      check()
    },
  }
}
