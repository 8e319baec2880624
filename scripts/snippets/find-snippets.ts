import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/packages.ts'
import { extractSnippets, type Snippet } from './extract-snippets.ts'

const documents = ['*.md', 'docs/**/*.md', '{packages,examples}/*/*.md', 'packages/*/src/**/*.ts']
const generated = /node_modules|^docs\/reference\/|CHANGELOG\.md$|\.test\.ts$/

/** Every ```ts block that users read: Markdown documents and the docstrings of published source. */
export function findSnippets(): readonly Snippet[] {
  return globSync(documents, { cwd: root, exclude: (name) => name === 'node_modules' })
    .filter((file) => !generated.test(file))
    .sort()
    .flatMap((file) => extractSnippets(file, readFileSync(join(root, file), 'utf8')))
}
