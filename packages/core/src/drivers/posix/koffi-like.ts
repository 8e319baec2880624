/** The part of koffi that is used here. */
export interface KoffiLike {
  load(path: string | null): { func(declaration: string): (...parameters: unknown[]) => number | bigint }
  errno(): number
}
