import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import type { SimulationResult } from '@exprsn/core/testing'
import { closeSync, openSync } from 'node:fs'
import { filesSource } from '../../../src/sources/index.ts'
import { restic, resticMissing } from '../../restic.ts'
import { backUp, openTestRepository, restore } from '../../run-source.ts'

const entries = 1_000_000
/** MB, of the whole process, in which it is also judged. */
const mostMemory = 3_500

/** A folder of a million files, whose names begin with letters of one to four bytes. */
export async function runWideFolder(seed: number): Promise<SimulationResult> {
  const folder = await makeTemporaryFolder(systemDisk)
  const violations: string[] = []
  try {
    await systemDisk.makeFolder(`${folder}/source`)
    const letters = ['a', 'ä', '～', '😀']
    const names = Array.from({ length: entries }, (_, number) => `${letters[(number + seed) % 4]}${number}`)
    for (const name of names) closeSync(openSync(`${folder}/source/${name}`, 'wx'))

    const repository = await openTestRepository(`${folder}/repository`)
    const source = filesSource({ paths: [`${folder}/source`] })
    const cacheFolder = `${folder}/cache`
    const { snapshot, files, problems } = await backUp(repository, source, { cacheFolder })
    if (files !== entries || problems.length > 0) violations.push(`saved ${files} entries, ${problems.length} problems`)
    const again = await backUp(repository, source, { cacheFolder })
    if (again.filesRead > 0) violations.push(`read ${again.filesRead} files again`)

    const expected = names.map((name) => Buffer.from(name)).sort((left, right) => Buffer.compare(left, right))
    let count = 0
    for await (const { node } of repository.entries(snapshot.id, `${folder}/source`))
      if (node.name !== String(expected[count++])) violations.push(`${String(node.name)} is entry ${count}`)
    if (count !== entries) violations.push(`listed ${count} entries`)
    const memory = process.resourceUsage().maxRSS / 1_024
    if (memory > mostMemory) violations.push(`took ${memory} MB`)
    const restored = await restore(repository, source, { snapshot, into: `${folder}/back` })
    if (restored.files !== entries || restored.problems.length > 0) violations.push(`restored ${restored.files} files`)
    await repository.close()
    if (resticMissing === undefined) restic(`${folder}/repository`, ['check', '--read-data'])
    return {
      faults: { 'wide-folder': 1, ...(resticMissing === undefined ? { restic: 1 } : {}) },
      violations: violations.slice(0, 5),
    }
  } finally {
    await removeTree(systemDisk, folder)
  }
}
