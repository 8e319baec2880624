// Writes src/lexicon/network from the lexicons in the package @atproto/api (MIT): npm pack @atproto/api, unpack it, and run
//   node packages/atproto/scripts/generate-network.ts <unpacked>/dist/client/lexicons.js && oxfmt packages/atproto/src/lexicon/network
// Descriptions are left out: names, types and limits are the facts that are needed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lexiconTypeLines } from '../src/lexicon/generate/lexicon-type.ts'
import { typeContext } from '../src/lexicon/generate/type-context.ts'
import type { LexiconDefinition, LexiconDocument } from '../src/lexicon/lexicon-document.ts'
import { fullName } from '../src/lexicon/check-value.ts'
import { readLexicon } from '../src/lexicon/read-lexicon.ts'

const target = join(import.meta.dirname, '../src/lexicon/network')
const families = { 'app.bsky': 'AppBskyTypes', 'com.atproto': 'ComAtprotoTypes' }
const lexicons = await readSource(process.argv[2]!)
const context = typeContext(lexicons, false)

rmSync(target, { recursive: true, force: true })
mkdirSync(target)
for (const lexicon of lexicons) writeTypes(lexicon)
for (const [family, name] of Object.entries(families)) writeFamily(family, name)
write(
  'lexicon-types.ts',
  `${Object.entries(families)
    .map(([family, name]) => `import type { ${name} } from './${family.replace('.', '-')}.ts'`)
    .join('\n')}

/**
 * The types of all definitions of \`app.bsky\` and \`com.atproto\`, by name: \`LexiconTypes['app.bsky.feed.post']\` is that of
 * a post. Values are those of the data model: links are \`Cid\`, bytes \`Uint8Array\`.
 */
export interface LexiconTypes extends ${Object.values(families).join(', ')} {}
`,
)
writeRecordLexicons()

/** The module itself needs packages that are not there; the table in it does not. */
async function readSource(path: string): Promise<readonly LexiconDocument[]> {
  const source = readFileSync(path, 'utf8')
  const start = source.indexOf('export const schemaDict')
  const table = source.slice(start, source.indexOf('export const', start + 10))
  const module = (await import(`data:text/javascript,${encodeURIComponent(table)}`)) as {
    readonly schemaDict: Readonly<Record<string, LexiconDocument>>
  }
  const documents = Object.values(module.schemaDict).filter(({ id }) => familyOf(id) !== undefined)
  return documents.map((document) => readLexicon(stripped(document)))
}

/** Without descriptions and with references in their short form. */
function stripped(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('lex:') ? value.slice(4) : value
  if (Array.isArray(value)) return value.map(stripped)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key, item]) => !(key === 'description' && typeof item === 'string'))
  return Object.fromEntries(entries.map(([key, item]) => [key, stripped(item)]))
}

function writeTypes(lexicon: LexiconDocument): void {
  const lines = lexiconTypeLines(lexicon, context)
  const body = lines.join('\n')
  const codec = ['Cid', 'DataObject'].filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  const up = '../'.repeat(lexicon.id.split('.').length - 1)
  const imports = [
    ...(codec.length === 0 ? [] : [`import type { ${codec.join(', ')} } from '${up}../../codec/index.ts'`]),
    ...(/\bBlobRef\b/.test(body) ? [`import type { BlobRef } from '${up}../data-kinds.ts'`] : []),
    ...(/\bLexiconTypes\b/.test(body) ? [`import type { LexiconTypes } from '${up}lexicon-types.ts'`] : []),
  ]
  const text = `/** The types of \`${lexicon.id}\`. */\nexport interface ${typeNameOf(lexicon.id)} {\n${body}\n}\n`
  if (lines.length > 0) write(fileOf(lexicon.id), `${imports.join('\n')}\n\n${text}`)
}

function writeFamily(family: string, name: string): void {
  const members = lexicons.filter(({ id, defs }) => {
    const hasTypes = lexiconTypeLines({ lexicon: 1, id, defs }, context).length > 0
    return familyOf(id) === family && hasTypes
  })
  const imports = members.map(({ id }) => `import type { ${typeNameOf(id)} } from './${fileOf(id)}'`)
  const bases = members.map(({ id }) => typeNameOf(id)).join(', ')
  const text = `/** The types of all lexicons of \`${family}\`. */\nexport interface ${name} extends ${bases} {}\n`
  write(`${family.replace('.', '-')}.ts`, `${imports.join('\n')}\n\n${text}`)
}

/** Of the documents only what records are made of: the rest is for requests, which have types alone. */
function writeRecordLexicons(): void {
  const needed = new Map<string, Map<string, LexiconDefinition>>()
  const byId = new Map(lexicons.map((lexicon) => [lexicon.id, lexicon]))
  const visit = (name: string): void => {
    const [id, definitionName] = name.split('#') as [string, string]
    const definition = byId.get(id)?.defs[definitionName]
    const kept = needed.get(id) ?? new Map<string, LexiconDefinition>()
    if (definition === undefined || kept.has(definitionName)) return
    needed.set(id, kept.set(definitionName, definition))
    visitReferences(definition, id, visit)
  }
  for (const { id, defs } of lexicons) if (defs.main?.type === 'record') visit(`${id}#main`)
  const all = [...needed].toSorted(([left], [right]) => (left < right ? -1 : 1))
  for (const [id, defs] of all) {
    const document = JSON.stringify({ lexicon: 1, id, defs: Object.fromEntries(defs) })
    const text = `import type { LexiconDocument } from '../../lexicon-document.ts'\n\n/** What records need of \`${id}\`. */\nexport const ${constantOf(id)}: LexiconDocument = ${document}\n`
    write(`records/${kebab(id)}.ts`, text)
  }
  const imports = all.map(([id]) => `import { ${constantOf(id)} } from './records/${kebab(id)}.ts'`)
  write(
    'record-lexicons.ts',
    `import type { LexiconDocument } from '../lexicon-document.ts'\n${imports.join('\n')}\n\n/** The lexicons of all records of \`app.bsky\` and \`com.atproto\`, with what they are made of, for \`createLexicons\`. */\nexport const recordLexicons: readonly LexiconDocument[] = [${all.map(([id]) => constantOf(id)).join(', ')}]\n`,
  )
}

function visitReferences(value: unknown, id: string, visit: (name: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  const { type, ref, refs } = value as { readonly type?: unknown; readonly ref?: unknown; readonly refs?: unknown }
  if (type === 'ref' && typeof ref === 'string') visit(fullName(ref, id))
  if (type === 'union' && Array.isArray(refs)) for (const each of refs) visit(fullName(String(each), id))
  for (const item of Object.values(value)) visitReferences(item, id, visit)
}

function familyOf(id: string): string | undefined {
  return Object.keys(families).find((family) => id.startsWith(`${family}.`))
}

function fileOf(id: string): string {
  return `${id.split('.').map(kebab).join('/')}.ts`
}

function typeNameOf(id: string): string {
  return `${id.split('.').map(capital).join('')}Types`
}

function constantOf(id: string): string {
  const [first, ...others] = id.split('.')
  return first + others.map(capital).join('')
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}

function kebab(text: string): string {
  return text.replaceAll('.', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function write(file: string, text: string): void {
  const path = join(target, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `// Written by scripts/generate-network.ts.\n${text}`)
}
