/** What is done with an element and its text. Elements that a tree does not name are passed over with all they hold. */
export interface ElementHandler<State> {
  readonly open?:
    | ((
        state: State,
        attributes: readonly { readonly local: string; readonly value: string }[],
        offset: number,
      ) => void)
    | undefined
  readonly text?: ((state: State, text: string, offset: number) => void) | undefined
  readonly close?: ((state: State, offset: number) => void) | undefined
  readonly children?: ReadonlyMap<string, ElementHandler<State>> | undefined
}

/** An element that has children. */
export function parent<State>(
  children: Readonly<Record<string, ElementHandler<State>>>,
  handler: Omit<ElementHandler<State>, 'children'> = {},
): ElementHandler<State> {
  return { ...handler, children: new Map(Object.entries(children)) }
}

/** An element whose text is wanted. */
export function leaf<State>(text: (state: State, text: string, offset: number) => void): ElementHandler<State> {
  return { text }
}
