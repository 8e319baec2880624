import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listPackages, root } from '../lib/packages.ts'

interface ChangesetConfig {
  readonly fixed?: readonly (readonly string[])[]
  readonly access?: string
  readonly baseBranch?: string
}

/** What keeps a release from moving all packages together, publicly. Takes the text of .changeset/config.json. */
export function changesetProblems(text: string | undefined, names: readonly string[]): readonly string[] {
  if (text === undefined) return ['.changeset/config.json is missing.']
  const { fixed = [], access, baseBranch } = JSON.parse(text) as ChangesetConfig
  const together = fixed.length === 1 ? fixed[0]! : []
  return [
    ...names.filter((name) => !together.includes(name)).map((name) => `"fixed" must name ${name}: one version line.`),
    ...together.filter((name) => !names.includes(name)).map((name) => `"fixed" names ${name}, which is no package.`),
    ...(access === 'public' ? [] : ['"access" must be "public".']),
    ...(baseBranch === undefined ? ['"baseBranch" is missing.'] : []),
  ].map((problem) => `.changeset/config.json: ${problem}`)
}

/** {@link changesetProblems} of this repository. */
export function checkChangesetConfig(): readonly string[] {
  const file = join(root, '.changeset/config.json')
  const names = listPackages().map(({ name }) => name)
  return changesetProblems(existsSync(file) ? readFileSync(file, 'utf8') : undefined, names)
}
