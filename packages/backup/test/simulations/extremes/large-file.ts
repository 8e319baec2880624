import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { SeededRandom, type SimulationResult } from '@exprsn/core/testing'
import { randomBelow } from '@exprsn/core'
import { execFileSync } from 'node:child_process'
import { filesSource } from '../../../src/sources/index.ts'
import { restic, resticMissing } from '../../restic.ts'
import { backUp, openTestRepository, restore } from '../../run-source.ts'

/** A sparse file beyond 4 GiB, with content on both sides of the border, at random places and at its end. */
export async function runLargeFile(seed: number): Promise<SimulationResult> {
  const folder = await makeTemporaryFolder(systemDisk)
  const violations: string[] = []
  const random = new SeededRandom(seed)
  const size = 2 ** 32 + randomBelow(random, 2 ** 28) + 100_000
  const path = `${folder}/large`
  try {
    const file = await systemDisk.open(path, 'create-new')
    const below = randomBelow(random, 2 ** 32 - 100_000)
    const above = 2 ** 32 + randomBelow(random, size - 2 ** 32 - 100_000 + 1)
    const places = [0, 2 ** 32 - 50_000, below, above, size - 100_000]
    for (const place of places) await file.write(random.bytes(100_000), place)
    await file.close()

    const repository = await openTestRepository(`${folder}/repository`)
    const source = filesSource({ paths: [path] })
    const { snapshot, bytes, problems } = await backUp(repository, source)
    if (bytes !== size || problems.length > 0)
      violations.push(`saved ${bytes} of ${size} bytes: ${problems.length} problems`)
    await restore(repository, source, { snapshot, into: `${folder}/back` })
    const stat = await systemDisk.stat(`${folder}/back${path}`)
    if (stat.size !== size) violations.push(`restored ${stat.size} of ${size} bytes`)
    if (stat.allocated > 64 * 2 ** 20) violations.push(`its holes became ${stat.allocated} bytes`)
    if (!areEqual(`cat "$2"`, [path, `${folder}/back${path}`])) violations.push('restored with other content')
    await repository.close()
    if (resticMissing === undefined) {
      restic(`${folder}/repository`, ['check', '--read-data'])
      const dump = 'RESTIC_PASSWORD=secret restic --no-cache -r "$2" dump latest "$1"'
      if (!areEqual(dump, [path, `${folder}/repository`])) violations.push('restic reads other content')
    }
    return { faults: { 'large-file': 1, ...(resticMissing === undefined ? { restic: 1 } : {}) }, violations }
  } finally {
    await removeTree(systemDisk, folder)
  }
}

/** Whether a command prints what the file named by its first argument holds. */
function areEqual(command: string, args: readonly string[]): boolean {
  try {
    execFileSync('sh', ['-c', `${command} | cmp - "$1"`, 'sh', ...args], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
