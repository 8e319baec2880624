// One build for every package: `packages/<name>/tsup.config.ts` only calls this.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Options } from 'tsup'

interface PackageBuildOptions {
  /**
   * Entries beyond those in `exports`, such as workers: output name without extension → source file.
   * @default {}
   */
  readonly entries?: Readonly<Record<string, string>> | undefined
}

/**
 * The tsup options of the package in the current folder. Its entries are the `@exprsn/source` paths of its `exports`,
 * so that the manifest is the only list of subpaths.
 *
 * The ESM files share chunks, so that a class exists once. The CommonJS files, which only tools read that know neither
 * `import` nor `module-sync`, stand alone: tsup can split them only by rewriting them with a second, older compiler.
 */
export function packageBuild({ entries = {} }: PackageBuildOptions = {}): Options {
  const manifest = JSON.parse(readFileSync(resolve('package.json'), 'utf8'))
  return {
    entry: { ...entriesOf(manifest.exports), ...entries },
    format: ['esm', 'cjs'],
    target: 'node22',
    platform: 'node',
    // Nobody imports what only a thread loads.
    dts: { entry: entriesOf(manifest.exports) },
    sourcemap: true,
    esbuildOptions(options) {
      // The tarball has the sources: the maps need only point to them.
      options.sourcesContent = false
    },
    clean: true,
    silent: true,
    // What the code imports by package name stays an import: the host installs one copy of it.
    skipNodeModulesBundle: true,
    // tsup drops the `node:` of built-in modules by default, and `sqlite` exists only with it.
    removeNodeProtocol: false,
  }
}

/** `{ 'disk/index': 'src/disk/index.ts', … }` from the source condition of each subpath. */
export function entriesOf(exports: Readonly<Record<string, unknown>>): Record<string, string> {
  const sources = Object.values(exports).flatMap((target) => {
    const source = (target as Readonly<Record<string, unknown>>)['@exprsn/source']
    return typeof source === 'string' ? [source.replace(/^\.\//, '')] : []
  })
  return Object.fromEntries(sources.map((source) => [source.replace(/^src\//, '').replace(/\.ts$/, ''), source]))
}
