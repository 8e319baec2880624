import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listPackages } from '../lib/packages.ts'
import { readLayerList } from './layer-list.ts'

/** What a package's README names below "Inside", beside the folders that are really there. */
export interface ListedAreas {
  readonly readme: string
  readonly listed: readonly string[]
  readonly areas: readonly string[]
}

/** The areas of every package, as listed and as found. */
export function listPackagesWithAreas(): readonly ListedAreas[] {
  return listPackages().map(({ id, folder }) => ({
    readme: `packages/${id}/README.md`,
    listed: readLayerList(join(folder, 'README.md')) ?? [],
    areas: readdirSync(join(folder, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name),
  }))
}
