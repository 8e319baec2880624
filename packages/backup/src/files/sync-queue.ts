import type { Disk, DiskPath } from '@exprsn/core/disk'

const inFlight = 8

/** What shall be made durable, several at once, while other work goes on. */
export interface SyncQueue {
  /** Adds what a path has become until now. */
  add(path: DiskPath): void
  /** Resolves when all is durable. Throws the first failure, when nothing is open any more. */
  done(): Promise<void>
  /** Forgets what has not been begun; resolves when nothing is open any more. */
  stop(): Promise<void>
}

/** Makes files durable: their content, not their names. */
export function fileSyncs(disk: Disk): SyncQueue {
  return createSyncQueue((path) => syncFile(disk, path))
}

/** Makes the names in folders durable. */
export function folderSyncs(disk: Disk): SyncQueue {
  return createSyncQueue((path) => disk.fsyncFolder(path))
}

function createSyncQueue(sync: (path: DiskPath) => Promise<void>): SyncQueue {
  const waiting = new Set<DiskPath>()
  const working = new Set<Promise<void>>()
  const failures: unknown[] = []
  let active = 0

  const work = async (): Promise<void> => {
    active++
    // What is added meanwhile comes up as well; what another one has taken does not.
    for (const path of waiting) {
      waiting.delete(path)
      try {
        await sync(path)
      } catch (error) {
        failures.push(error)
      }
    }
    active--
  }
  const idle = async (): Promise<void> => {
    while (working.size > 0) await Promise.all(working)
  }

  return {
    add(path) {
      waiting.add(path)
      if (active === inFlight) return
      const worker = work()
      working.add(worker)
      void worker.then(() => working.delete(worker))
    },
    async done() {
      await idle()
      if (failures.length > 0) throw failures[0]
    },
    stop() {
      waiting.clear()
      return idle()
    },
  }
}

async function syncFile(disk: Disk, path: DiskPath): Promise<void> {
  const file = await disk.open(path, 'read')
  try {
    await file.fsync()
  } finally {
    await file.close()
  }
}
