import { systemDisk } from '@exprsn/core/disk'
import { serveTasks } from '@exprsn/core/workers'
import type { MasterKey } from '../../repository/key/master-key.ts'
import { Scratch } from '../../repository/object/scratch.ts'
import { openBlob } from '../../repository/pack/open-blob.ts'
import { createPlacer, type Stretch, type StretchPlacer } from './place-stretch.ts'

/** The tasks of the worker, for the pool. */
export type RestoreTasks = typeof tasks

let placer: StretchPlacer

/** Opens blobs and writes files in a thread of its own. */
export const tasks = serveTasks({
  begin({ key }: { readonly key: MasterKey }) {
    const scratch = new Scratch()
    placer = createPlacer(systemDisk, (blob, sealed) => openBlob(key, blob, sealed, { scratch }))
  },
  place: (stretch: Stretch): number[] => placer.place(stretch),
  end: () => placer.close(),
})
