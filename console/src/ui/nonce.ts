/** The nonce of this page's content security policy, needed for adding style elements. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The scroll lock of Radix' dialogs reads it from this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
