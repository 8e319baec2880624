import { relative, sep } from 'node:path'

/** Where a file stands in the house. */
export interface Place {
  /** Path below the repository's root, with forward slashes. */
  readonly path: string
  /** The package's folder name (`core`), or undefined outside `packages/`. */
  readonly packageId: string | undefined
  /** Tests are `*.test.ts` files and everything below a package's `test/`. */
  readonly test: boolean
  /** Published source: below a package's `src`, and not a test. */
  readonly published: boolean
  /** The folder directly below `src`; undefined for files that stand in `src` itself and outside it. */
  readonly area: string | undefined
}

/** The place of a file, by its absolute path. */
export function placeOf(file: string, root: string): Place {
  const path = relative(root, file).split(sep).join('/')
  const match = /^packages\/([^/]+)\/(src|test)\/(.+)$/.exec(path)
  const test = path.endsWith('.test.ts') || match?.[2] === 'test'
  const inside = match?.[2] === 'src' ? match[3]!.split('/') : []
  return {
    path,
    packageId: /^packages\/([^/]+)\//.exec(path)?.[1],
    test,
    published: inside.length > 0 && !test,
    area: inside.length > 1 ? inside[0] : undefined,
  }
}
