//! Plants changes into the text of one file: each behind a number, so that all of them are built at once and one of them
//! at a time is on.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, ExprBinary, ReturnType, Stmt, Type};

/// A change that is planted.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub id: u32,
    pub file: String,
    pub line: usize,
    /// What is changed, and into what.
    pub what: String,
    /// Where it stands in the text as it was planted.
    pub planted: Range<usize>,
}

/// What is put into a text.
struct Edit {
    mutant: usize,
    /// The bytes around which it stands.
    around: Range<usize>,
    before: String,
    after: String,
    /// Bytes inside that become others: an operator becomes a comma.
    instead: Option<(Range<usize>, &'static str)>,
}

/// Finds what can be changed.
struct Finder<'t> {
    text: &'t str,
    file: &'t str,
    next_id: u32,
    mutants: Vec<Mutant>,
    edits: Vec<Edit>,
    dropped: &'t BTreeSet<u32>,
}

/// A text with everything planted that can be changed in it.
pub struct Planted {
    pub text: String,
    pub mutants: Vec<Mutant>,
    /// The first number that is free behind it.
    pub next_id: u32,
}

/// Plants everything that can be changed in a file, but for what is to be left out, which keeps its number.
pub fn plant(text: &str, file: &str, next_id: u32, dropped: &BTreeSet<u32>) -> Planted {
    let tree = syn::parse_file(text).unwrap_or_else(|fault| panic!("{file}: {fault}"));
    let (mutants, edits) = (Vec::new(), Vec::new());
    let mut finder = Finder { text, file, next_id, mutants, edits, dropped };
    finder.visit_file(&tree);
    let Finder { mut mutants, edits, next_id, .. } = finder;
    let text = render(text, edits, &mut mutants);
    Planted { text, mutants, next_id }
}

/// Puts the edits into the text: of those that begin at one place the outer comes first, of those that end there the inner.
fn render(text: &str, edits: Vec<Edit>, mutants: &mut [Mutant]) -> String {
    let mut puts: Vec<(usize, u8, usize, usize, String, usize)> = Vec::new();
    for (order, edit) in edits.into_iter().enumerate() {
        let Range { start, end } = edit.around;
        let length = end - start;
        puts.push((start, 1, usize::MAX - length, order, edit.before, edit.mutant));
        puts.push((end, 0, length, usize::MAX - order, edit.after, edit.mutant));
        if let Some((range, with)) = edit.instead {
            puts.push((range.start, 2, range.end, order, with.to_owned(), edit.mutant));
        }
    }
    puts.sort();
    let (mut out, mut at) = (String::new(), 0);
    for (place, kind, extra, _, words, mutant) in puts {
        out.push_str(&text[at.min(place)..place]);
        at = at.max(place);
        match kind {
            0 => {
                out.push_str(&words);
                mutants[mutant].planted.end = out.len();
            }
            1 => {
                mutants[mutant].planted.start = out.len();
                out.push_str(&words);
            }
            _ => {
                out.push_str(&words);
                at = extra;
            }
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Names of methods that say yes or no.
fn says_yes_or_no(name: &str) -> bool {
    let begins = ["is_", "has_", "may_", "can_", "needs_", "wants_", "starts_with", "ends_with"];
    let names = ["contains", "contains_key", "any", "all", "eq"];
    begins.iter().any(|word| name.starts_with(word)) || names.contains(&name)
}

/// Numbers the changes, with the words for what is changed.
impl Finder<'_> {
    fn add(
        &mut self,
        span: Span,
        what: String,
        edit: impl FnOnce(u32) -> [String; 2],
    ) -> Option<usize> {
        let Range { start, end } = span.byte_range();
        self.add_around(start..end, span.start().line, what, edit)
    }

    fn add_around(
        &mut self,
        around: Range<usize>,
        line: usize,
        what: String,
        edit: impl FnOnce(u32) -> [String; 2],
    ) -> Option<usize> {
        let id = self.next_id;
        self.next_id += 1;
        if self.dropped.contains(&id) {
            return None;
        }
        let (file, planted) = (self.file.to_owned(), 0..0);
        let mutant = Mutant { id, file, line, what, planted };
        let [before, after] = edit(id);
        let place = self.mutants.len();
        self.mutants.push(mutant);
        self.edits.push(Edit { mutant: place, around, before, after, instead: None });
        Some(place)
    }

    fn words(&self, span: Span) -> String {
        let words: Vec<&str> = self.text[span.byte_range()].split_whitespace().collect();
        let words = words.join(" ");
        if words.chars().count() > 90 {
            words.chars().take(89).chain(['…']).collect()
        } else {
            words
        }
    }

    /// The opposite of what says yes or no.
    fn negate(&mut self, expr: &Expr) {
        let what = format!("not: {}", self.words(expr.span()));
        let off = |id| ["(".to_owned(), format!(" != crate::mutants::on({id}))")];
        // Of a method of a chain that ends in a closure, and of what begins with a minus or a cast, the brackets keep it one.
        let braces = |id| {
            let [before, after] = off(id);
            [format!("{before}("), format!("){after}")]
        };
        self.add(expr.span(), what, braces);
    }

    /// What says yes or no and stands alone.
    fn condition(&mut self, expr: &Expr) {
        match expr {
            Expr::Let(_) | Expr::Lit(_) => {}
            Expr::Paren(paren) => self.condition(&paren.expr),
            // Done where it is met.
            Expr::Binary(_) => {}
            Expr::MethodCall(call) if says_yes_or_no(&call.method.to_string()) => {}
            Expr::MethodCall(_)
            | Expr::Call(_)
            | Expr::Path(_)
            | Expr::Field(_)
            | Expr::Macro(_)
            | Expr::Unary(_) => {
                self.negate(expr);
            }
            _ => {}
        }
    }

    /// A function of two instead of an operator between them.
    fn instead(&mut self, binary: &ExprBinary, function: &str, what: &str) {
        let op = binary.op.span().byte_range();
        let span = binary.span();
        let words = format!("{what}: {}", self.words(span));
        let is_comparison = !matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_));
        let (open, between) = if is_comparison { ("&(", "), &(") } else { ("(", "), (") };
        let edit = |id| [format!("crate::mutants::{function}({id}, {open}"), "))".to_owned()];
        if let Some(_place) = self.add(span, words, edit)
            && let Some(edit) = self.edits.last_mut()
        {
            edit.instead = Some((op, between));
        }
    }

    fn leave_out(&mut self, span: Span) {
        let what = format!("left out: {}", self.words(span));
        self.add(span, what, |id| [format!("if !crate::mutants::on({id}) {{ "), " }".to_owned()]);
    }

    /// The answer of a whole function.
    fn answer(&mut self, output: &ReturnType, block: &Block, name: &str) {
        let ReturnType::Type(_, of) = output else { return };
        let Type::Path(path) = &**of else { return };
        let Some(last) = path.path.segments.last() else { return };
        let answer = match last.ident.to_string().as_str() {
            "Option" => "None",
            "Vec" => "Vec::new()",
            _ => return,
        };
        let open = block.brace_token.span.open().byte_range().end;
        let line = block.brace_token.span.open().start().line;
        let what = format!("{name} answers {answer}");
        self.add_around(open..open, line, what, |id| {
            [format!(" if crate::mutants::on({id}) {{ return {answer}; }} "), String::new()]
        });
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        path.is_ident("test")
            || path.is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
    })
}

/// Whether a statement does something and says nothing.
fn does(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(_) | Expr::Call(_) | Expr::Assign(_) | Expr::Return(_) => true,
        Expr::Binary(binary) => matches!(
            binary.op,
            BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_)
        ),
        Expr::Try(tried) => does(&tried.expr),
        _ => false,
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if item.sig.constness.is_none() && !is_for_tests(&item.attrs) {
            self.answer(&item.sig.output, &item.block, &item.sig.ident.to_string());
            self.last(&item.sig.output, &item.block);
            visit::visit_block(self, &item.block);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if item.sig.constness.is_none() && !is_for_tests(&item.attrs) {
            self.answer(&item.sig.output, &item.block, &item.sig.ident.to_string());
            self.last(&item.sig.output, &item.block);
            visit::visit_block(self, &item.block);
        }
    }

    // Nothing is decided while a constant or a pattern is read.
    fn visit_item_const(&mut self, _: &'a syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'a syn::ImplItemConst) {}
    fn visit_item_static(&mut self, _: &'a syn::ItemStatic) {}
    fn visit_type(&mut self, _: &'a Type) {}
    fn visit_pat(&mut self, _: &'a syn::Pat) {}
    fn visit_variant(&mut self, _: &'a syn::Variant) {}

    fn visit_expr_repeat(&mut self, expr: &'a syn::ExprRepeat) {
        self.visit_expr(&expr.expr);
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Expr(expr, Some(semi)) = stmt
            && does(expr)
        {
            let span = expr.span().join(semi.span()).unwrap_or_else(|| expr.span());
            let around = expr.span().byte_range().start..semi.span().byte_range().end;
            let what = format!("left out: {}", self.words(span));
            self.add_around(around, expr.span().start().line, what, |id| {
                [format!("if !crate::mutants::on({id}) {{ "), " }".to_owned()]
            });
        }
        visit::visit_stmt(self, stmt);
    }

    fn visit_local(&mut self, local: &'a syn::Local) {
        let Some(init) = &local.init else { return };
        self.visit_expr(&init.expr);
        // What stands behind an else has to leave; only what it does on its way is changed.
        if let Some((_, diverge)) = &init.diverge
            && let Expr::Block(block) = &**diverge
        {
            let without_last = block.block.stmts.len().saturating_sub(1);
            block.block.stmts.iter().take(without_last).for_each(|stmt| self.visit_stmt(stmt));
        }
    }

    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        if let Some((_, guard)) = &arm.guard {
            self.condition(guard);
            self.visit_expr(guard);
        }
        // What only does something may be left out; where it says something it is not built, and is dropped.
        if matches!(&*arm.body, Expr::MethodCall(_) | Expr::Call(_) | Expr::Assign(_)) {
            self.leave_out(arm.body.span());
        }
        self.visit_expr(&arm.body);
    }

    fn visit_expr_if(&mut self, expr: &'a syn::ExprIf) {
        self.condition(&expr.cond);
        visit::visit_expr_if(self, expr);
    }

    fn visit_expr_while(&mut self, expr: &'a syn::ExprWhile) {
        // A loop without an end says nothing of what is noticed.
        self.visit_block(&expr.body);
    }

    fn visit_expr_binary(&mut self, binary: &'a ExprBinary) {
        let whole = Expr::Binary(binary.clone());
        match binary.op {
            BinOp::And(_) | BinOp::Or(_) => {
                self.condition(&binary.left);
                self.condition(&binary.right);
            }
            BinOp::Eq(_) | BinOp::Ne(_) => self.negate(&whole),
            BinOp::Lt(_) => self.compare(binary, &whole, "lt", "<= for <"),
            BinOp::Le(_) => self.compare(binary, &whole, "le", "< for <="),
            BinOp::Gt(_) => self.compare(binary, &whole, "gt", ">= for >"),
            BinOp::Ge(_) => self.compare(binary, &whole, "ge", "> for >="),
            BinOp::Add(_) => self.instead(binary, "add", "- for +"),
            BinOp::Sub(_) => self.instead(binary, "sub", "+ for -"),
            _ => {}
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let name = call.method.to_string();
        if says_yes_or_no(&name) {
            self.negate(&Expr::MethodCall(call.clone()));
        }
        if ["min", "max"].contains(&name.as_str()) && call.args.len() == 1 {
            let span = call.span();
            let words = self.words(span);
            let other = if name == "min" { "max" } else { "min" };
            let method = call.dot_token.span().byte_range().start
                ..call.paren_token.span.open().byte_range().end;
            let edit = |id| [format!("crate::mutants::{name}({id}, "), String::new()];
            if self.add(span, format!("{other} for {name}: {words}"), edit).is_some()
                && let Some(edit) = self.edits.last_mut()
            {
                edit.instead = Some((method, ", "));
            }
        }
        visit::visit_expr_method_call(self, call);
    }
}

impl Finder<'_> {
    fn compare(&mut self, binary: &ExprBinary, whole: &Expr, function: &str, what: &str) {
        self.negate(whole);
        self.instead(binary, function, what);
    }

    /// The last call of a function that answers nothing.
    fn last(&mut self, output: &ReturnType, block: &Block) {
        if let (ReturnType::Default, Some(Stmt::Expr(expr, None))) = (output, block.stmts.last())
            && matches!(expr, Expr::MethodCall(_) | Expr::Call(_))
        {
            self.leave_out(expr.span());
        }
    }
}

/// What is added to the product: which change is on, and which were met.
pub const MODULE: &str = r#"//! Which change is on.
#![allow(missing_docs, clippy::all)]
use std::io::Write as _;
use std::ops::{Add, Sub};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

struct Known { on: u32, met: Option<(std::fs::File, Vec<AtomicBool>)> }

static KNOWN: OnceLock<Known> = OnceLock::new();

fn known() -> &'static Known {
    KNOWN.get_or_init(|| {
        let on = std::env::var("ANSHIN_MUTANT").ok().and_then(|id| id.parse().ok()).unwrap_or(0);
        let met = std::env::var_os("ANSHIN_MET").map(|path| {
            let file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
            (file, (0..COUNT).map(|_| AtomicBool::new(false)).collect())
        });
        Known { on, met }
    })
}

#[inline]
pub fn on(id: u32) -> bool {
    let known = known();
    if let Some((file, met)) = &known.met && !met[id as usize].swap(true, Relaxed) {
        let mut file = file;
        let _ = file.write_all(format!("{id}\n").as_bytes());
    }
    known.on == id
}
pub fn lt<T: PartialOrd>(id: u32, a: &T, b: &T) -> bool { if on(id) { a <= b } else { a < b } }
pub fn le<T: PartialOrd>(id: u32, a: &T, b: &T) -> bool { if on(id) { a < b } else { a <= b } }
pub fn gt<T: PartialOrd>(id: u32, a: &T, b: &T) -> bool { if on(id) { a >= b } else { a > b } }
pub fn ge<T: PartialOrd>(id: u32, a: &T, b: &T) -> bool { if on(id) { a > b } else { a >= b } }
pub fn add<R, A: Add<B, Output = R> + Sub<B, Output = R>, B>(id: u32, a: A, b: B) -> R { if on(id) { a - b } else { a + b } }
pub fn sub<R, A: Add<B, Output = R> + Sub<B, Output = R>, B>(id: u32, a: A, b: B) -> R { if on(id) { a + b } else { a - b } }
pub fn min<T: Ord>(id: u32, a: T, b: T) -> T { if on(id) { a.max(b) } else { a.min(b) } }
pub fn max<T: Ord>(id: u32, a: T, b: T) -> T { if on(id) { a.min(b) } else { a.max(b) } }
"#;
