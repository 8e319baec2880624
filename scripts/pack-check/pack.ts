import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { mustCapture } from '../lib/must-capture.ts'
import { pinnedTool } from '../lib/pinned-tool.ts'
import type { Manifest } from '../lib/packages.ts'
import { pinnedToolchain } from '../lib/toolchain.ts'
import { readTarball, type TarballFiles } from './tarball.ts'

/** A package as npm would receive it. */
export interface PackedPackage {
  readonly manifest: Manifest
  /** Path of the .tgz. */
  readonly tarball: string
  readonly files: TarballFiles
}

/** `pnpm pack` of one package folder into `destination`: exactly what `pnpm publish` uploads. */
export async function pack(folder: string, destination: string): Promise<PackedPackage> {
  const pnpm = await pinnedTool('pnpm', pinnedToolchain().pnpm)
  mkdirSync(destination, { recursive: true })
  const before = new Set(readdirSync(destination))
  await mustCapture(pnpm, ['pack', '--pack-destination', destination], { cwd: folder })
  const [name] = readdirSync(destination).filter((entry) => !before.has(entry))
  if (name === undefined) throw new Error(`pnpm pack left no tarball for ${folder}.`)
  return readPacked(join(destination, name))
}

/** Reads a tarball that was packed before. */
function readPacked(tarball: string): PackedPackage {
  const files = readTarball(readFileSync(tarball))
  return { manifest: JSON.parse(files.get('package.json')?.toString('utf8') ?? '{}') as Manifest, tarball, files }
}
