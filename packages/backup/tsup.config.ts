import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Options } from 'tsup'
import { packageBuild } from '../../scripts/tsup.ts'

const workers = {
  'files.worker': 'src/sources/files/files.worker.ts',
  'walk.worker': 'src/sources/files/walk.worker.ts',
  'check.worker': 'src/verify/check.worker.ts',
  'restore.worker': 'src/sources/restore/restore.worker.ts',
  'scrypt.worker': 'src/repository/key/scrypt.worker.ts',
}

const main = packageBuild({ entries: { 'exprsn-wal': 'src/archive/exprsn-wal.ts' } })

/**
 * What is imported later is one file, however many places import parts of it. esbuild makes a file for every set of entries that
 * share something: with ten entries more there were eighty, and to find and load one takes Node longer than to compile 20 KB.
 */
const laterTogether: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'later-together',
  setup(build) {
    if (build.initialOptions.format !== 'esm') return
    const source = resolve('src')
    build.onResolve({ filter: /^\.\.?\// }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'later', namespace: 'later' } : undefined,
    )
    build.onLoad({ filter: /^later$/, namespace: 'later' }, () => ({
      contents: importedLater(source)
        .map((path) => `export * from ${JSON.stringify(path)}`)
        .join('\n'),
      resolveDir: source,
    }))
  },
}

/** Paths of the modules below a folder that one of them imports when it needs it. */
function importedLater(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const modules = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const found = modules.flatMap((file) => {
    const path = join(folder, file)
    const imports = readFileSync(path, 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g)
    return [...imports].map(([, target]) => resolve(dirname(path), target!))
  })
  const paths = [...new Set(found)]
  refuseSameNames(paths)
  return paths
}

/** `export *` of two modules leaves out, without a word, what both of them export. */
function refuseSameNames(paths: readonly string[]): void {
  const exporters = new Map<string, string>()
  for (const path of paths)
    for (const [, name] of readFileSync(path, 'utf8').matchAll(
      /^export (?:async )?(?:function\*?|const|class) (\w+)/gm,
    )) {
      const other = exporters.get(name!)
      if (other !== undefined)
        throw new Error(`${name} is exported by ${other} and by ${path}, which are imported later.`)
      exporters.set(name!, path)
    }
}

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default [
  { ...main, esbuildPlugins: [laterTogether], clean: ['!**/*.worker.*'] },
  // A thread shares nothing with whoever started it: each is a file of its own, which is loaded in a tenth of the time.
  // Of core, too, it has only what it needs: of its built files a bundler keeps the imports of Node's modules, which take it longer.
  {
    ...{ ...main, entry: workers, splitting: false, dts: false, clean: false },
    noExternal: [/^@exprsn\/core(?!\/drivers)/],
    esbuildOptions(options, context) {
      main.esbuildOptions?.(options, context)
      options.conditions = ['@exprsn/source']
    },
  },
] satisfies Options[]
