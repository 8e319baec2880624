import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { mustCapture } from '../lib/must-capture.ts'
import type { PackedPackage } from './pack.ts'

/** A folder that installed the tarballs the way a user does, with one ESM and one CommonJS project in it. */
export interface Consumer {
  readonly folder: string
  /** Package names with their subpaths: `@exprsn/core`, `@exprsn/core/disk`, … */
  readonly specifiers: readonly string[]
}

/**
 * Installs the tarballs with npm, without optional peers. Both projects share the one node_modules above them, so that
 * they differ in nothing but `type`.
 */
export async function createConsumer(packed: readonly PackedPackage[], folder: string): Promise<Consumer> {
  const dependencies = packed.map(({ manifest, tarball }) => [manifest.name, `file:${relative(folder, tarball)}`])
  writeJson(join(folder, 'package.json'), { private: true, dependencies: Object.fromEntries(dependencies) })
  for (const [name, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ] as const)
    writeJson(join(folder, name, 'package.json'), { private: true, type })
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error']
  await mustCapture('npm', ['install', ...flags], { cwd: folder })
  return { folder, specifiers: packed.flatMap(({ manifest }) => specifiersOf(manifest)) }
}

/** The specifiers of a package's code subpaths. */
function specifiersOf(manifest: PackedPackage['manifest']): string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target !== 'string')
    .map(([subpath]) => manifest.name + subpath.slice(1))
}

function writeJson(path: string, value: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, JSON.stringify(value, null, 2))
}
