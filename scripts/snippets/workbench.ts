import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { listPackages, root } from '../lib/packages.ts'
import type { Snippet } from './extract-snippets.ts'

/** A snippet as a file that sees what its package sees. */
export interface WrittenSnippet {
  readonly snippet: Snippet
  /** Absolute path of the module. */
  readonly module: string
  /** The package it belongs to, or `docs`: snippets of one group run in one process. */
  readonly group: string
}

/** The snippets of one run as files, and the tsconfig that takes them all. */
export interface Workbench {
  readonly written: readonly WrittenSnippet[]
  readonly tsconfig: string
  /** Set when the paths are the same in each run. */
  readonly name: string | undefined
  /** Removes everything again. */
  readonly remove: () => void
}

/**
 * Writes snippets where their imports resolve: those of a package into a folder inside that package, those of the
 * documents into a folder that sees every package and what the packages depend on.
 *
 * @param name Paths that are the same in each run, so that types need not be checked again where nothing changed. Another
 * process that runs under this name at the same moment keeps it; this one takes a name of its own then.
 */
export function openWorkbench(snippets: readonly Snippet[], name?: string): Workbench {
  const run = name !== undefined && claim(name) ? name : `run-${process.pid}-${process.hrtime.bigint()}`
  const home = join(root, '.snippets', run)
  const folders = new Map<string, string>()
  const folderOf = (group: string): string => {
    const known = folders.get(group)
    if (known !== undefined) return known
    const folder = group === 'docs' ? join(home, 'docs') : join(root, 'packages', group, '.snippets', run)
    mkdirSync(folder, { recursive: true })
    folders.set(group, folder)
    return folder
  }
  mkdirSync(home, { recursive: true })
  linkDependencies(join(home, 'node_modules'))
  const written = snippets.map((snippet, index) => {
    const group = /^packages\/([^/]+)\//.exec(snippet.file)?.[1] ?? 'docs'
    const module = join(folderOf(group), `${index}-${snippet.file.replaceAll(/[^\w]+/g, '-')}-${snippet.line}.ts`)
    writeFileSync(module, snippet.code)
    return { snippet, module, group }
  })
  const tsconfig = join(home, 'tsconfig.json')
  writeFileSync(tsconfig, JSON.stringify(configFor(written, home)))
  const remove = (): void => {
    for (const folder of [home, ...folders.values()]) rmSync(folder, { recursive: true, force: true })
  }
  return { written, tsconfig, name: run === name ? name : undefined, remove }
}

/** Whether the name is ours: nobody had it, or its process is gone and left it behind. */
function claim(name: string): boolean {
  const home = join(root, '.snippets', name)
  const owner = join(home, 'process')
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0)
    return false
  } catch {
    rmSync(home, { recursive: true, force: true })
    mkdirSync(home, { recursive: true })
    writeFileSync(owner, String(process.pid))
    return true
  }
}

function configFor(written: readonly WrittenSnippet[], home: string): unknown {
  return {
    extends: relative(home, join(root, 'tsconfig.base.json')),
    compilerOptions: { moduleDetection: 'force', typeRoots: [join(root, 'node_modules/@types')] },
    files: written.map(({ module }) => module),
  }
}

function linkDependencies(into: string): void {
  for (const { name, folder } of listPackages()) {
    link(folder, join(into, name))
    for (const dependency of dependenciesIn(join(folder, 'node_modules')))
      link(join(folder, 'node_modules', dependency), join(into, dependency))
  }
}

function dependenciesIn(modules: string): readonly string[] {
  return listFolder(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? listFolder(join(modules, name)).map((sub) => `${name}/${sub}`) : name))
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function link(target: string, path: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  try {
    symlinkSync(target, path, 'junction')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
