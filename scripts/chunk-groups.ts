import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Options } from 'tsup'

/**
 * Makes one file of all modules in some folders below `src`, for each group of them: what imports one of them from outside imports
 * all. Entries stay files of their own, and so does what only tools read that know no ES modules.
 *
 * esbuild makes a file for every set of entries that share something, most of them of a few lines, and to find, read and link one
 * takes Node longer than to compile 20 KB. Modules of a group must import none outside of it that imports the group.
 */
export function chunkGroups(
  groups: Readonly<Record<string, readonly string[]>>,
): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'chunk-groups',
    setup(build) {
      if (build.initialOptions.format !== 'esm') return
      const source = resolve('src')
      // tsup gives names with their paths.
      const entryPoints = build.initialOptions.entryPoints as Readonly<Record<string, string>>
      const entries = new Set(Object.values(entryPoints).map((path) => resolve(path)))
      const groupOf = new Map<string, string>()
      for (const [group, folders] of Object.entries(groups))
        for (const path of folders.flatMap((folder) => modulesIn(join(source, folder))))
          if (!entries.has(path)) groupOf.set(path, group)

      build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir, importer, kind, namespace }) => {
        const target = join(resolveDir, path)
        const group = groupOf.get(target)
        if (group === undefined || kind !== 'import-statement') return undefined
        // What has side effects is kept whole, whoever needs how much of it: only then all of a group goes into one file.
        const isInside = namespace === 'group' || groupOf.get(importer) === group
        return isInside ? { path: target, sideEffects: true } : { path: group, namespace: 'group', sideEffects: true }
      })
      build.onLoad({ filter: /^/, namespace: 'group' }, ({ path: group }) => ({
        contents: [...groupOf]
          .filter(([, name]) => name === group)
          .map(([path]) => `export * from ${JSON.stringify(`./${path.slice(source.length + 1)}`)}`)
          .join('\n'),
        resolveDir: source,
      }))
    },
  }
}

function modulesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => /(?<!\.test|\.fixture)\.ts$/.test(file)).map((file) => join(folder, file))
}
