import { systemClock, systemRandom } from '@exprsn/core'
import { systemDisk } from '@exprsn/core/disk'
import { serveTasks } from '@exprsn/core/workers'
import { folderFiles } from '../../files/folder-files.ts'
import { compactFiles, type CompactionJob } from './compact-files.ts'

/** The tasks of the worker, for the pool. */
export type CompactionTasks = typeof tasks

/** Compacts segments of a folder in a thread of its own: nothing but names goes over. */
export const tasks = serveTasks({
  compact: ({ path, job }: { readonly path: string; readonly job: CompactionJob }) =>
    compactFiles(folderFiles(systemDisk, path, systemRandom), job, systemClock),
})
