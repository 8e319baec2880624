import type { Simulation } from '@exprsn/core/testing'
import { runLargeFile } from './extremes/large-file.ts'
import { runWideFolder } from './extremes/wide-folder.ts'

/**
 * What is too large for every day: a file beyond 4 GiB (odd seeds), and a folder of a million entries (even seeds), really made,
 * backed up, judged by restic and restored. The file is sparse; a minute and 3 GB of memory each.
 */
export const simulation: Simulation = {
  name: 'backup-extremes',
  expectedFaults: ['large-file', 'wide-folder'],
  realServers: true,
  run: (seed) => (seed % 2 === 1 ? runLargeFile(seed) : runWideFolder(seed)),
}
