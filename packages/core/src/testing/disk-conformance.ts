import type { ConformanceCase } from './conformance.ts'
import type { DiskSubject } from './disk-conformance/disk-subject.ts'
import { fileCases } from './disk-conformance/file-cases.ts'
import { folderCases } from './disk-conformance/folder-cases.ts'
import { pathCases } from './disk-conformance/path-cases.ts'

/**
 * What every `Disk` has to do: the system's own and the simulated one pass it. Each case wants an
 * empty folder.
 *
 * @example
 * ```ts
 * import { createSimulatedDisk, diskConformance } from '@exprsn/core/testing'
 *
 * for (const { name, run } of diskConformance) {
 *   const disk = createSimulatedDisk()
 *   await disk.makeFolder('/case')
 *   await run({ disk, folder: '/case' }).catch((error: unknown) => console.log('failed:', name, error))
 * }
 * ```
 */
export const diskConformance: readonly ConformanceCase<DiskSubject>[] = [...fileCases, ...folderCases, ...pathCases]
