/** Brackets, comments and indentation for editors. */
export const languageConfiguration = () => {
  const brackets = [
    ['{', '}'],
    ['<', '>'],
    ['(', ')'],
    ['[', ']'],
  ] as const;
  return {
    comments: { lineComment: '#' },
    brackets,
    autoClosingPairs: [...brackets.map(([open, close]) => ({ open, close, notIn: ['string', 'comment'] })), { open: '"', close: '"', notIn: ['string', 'comment'] }],
    surroundingPairs: [...brackets, ['"', '"']],
    colorizedBracketPairs: brackets,
    wordPattern: '[^\\s{}<>()\\[\\];,="#+*/%^-]+',
    indentationRules: { increaseIndentPattern: '^[^#"]*[{<(\\[]\\s*(#.*)?$', decreaseIndentPattern: '^\\s*[}>)\\]]' },
    folding: { offSide: false },
  };
};
