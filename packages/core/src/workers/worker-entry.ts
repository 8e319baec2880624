/** Nothing can be there. */
const nowhere = 'file:///dev/null/'

/**
 * Where the entry of a worker lies. In the source that is beside the module that asks; in a package or bundle beside the
 * package's files, into whichever of them a build has put that module.
 *
 * In a bundle for CommonJS a module does not know where it is: then there is nothing at the URL, and a pool says
 * `CORE_WORKERS_ENTRY_FAILED` when it is asked to run something.
 *
 * @param from `import.meta.url` of the module that asks
 * @param entry the source of the entry, relative to the module: `./decode.worker.ts`
 * @param folder of the built entry within the package's files, where it is not their root: `osm`
 * @example
 * ```ts
 * import { workerEntry } from '@exprsn/core/workers'
 *
 * console.log(workerEntry('file:///app/src/decode.ts', './decode.worker.ts').href) // file:///app/src/decode.worker.ts
 * console.log(workerEntry('file:///app/dist/index.js', './decode.worker.ts').href) // file:///app/dist/decode.worker.js
 * console.log(workerEntry('file:///app/dist/chunk-1.js', './decode.worker.ts', 'osm').href) // file:///app/dist/osm/decode.worker.js
 * ```
 */
export function workerEntry(from: string | undefined, entry: string, folder?: string): URL {
  if (from?.endsWith('.ts')) return new URL(entry, from)
  const built = entry.replace(/^.*\//, '').replace(/\.ts$/, '.js')
  const base = new URL('.', from ?? nowhere)
  return new URL(folder === undefined || base.pathname.endsWith(`/${folder}/`) ? built : `${folder}/${built}`, base)
}
