/* SPDX-License-Identifier: MIT */
/* Invoices as CSV: one of our own, and the import layouts of Xero and QuickBooks Online (docs/commands/invoice.md). A line end
 * is CR LF (RFC 4180). */
#include "cli/money.h"
#include <string.h>

static const char *const heading[] = {
    [LAYOUT_CSV] = "invoice,issued,due,line,clause,section,charge,description,period,from,to,quantity,unit,price,amount,currency,note,input,id\r\n",
    [LAYOUT_XERO] = "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,*InvoiceNumber,Reference,*InvoiceDate,"
                    "*DueDate,InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency,"
                    "BrandingTheme\r\n",
    [LAYOUT_QUICKBOOKS] = "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,*ItemAmount,ServiceDate,Currency\r\n",
};

void invoice_csv_heading(struct sb *out, enum invoice_layout layout) { sb_puts(out, heading[layout]); }

/* 31/03/2026. */
static struct str day_first(struct books *b, int32_t day)
{
    if (day == INT32_MIN || day == INT32_MAX) { return STR(""); }
    struct ymd d = civil_ymd(day);
    return str_printf(&b->arena, "%02d/%02d/%04d", d.day, d.month, d.year);
}

static struct str day_iso(struct books *b, int32_t day)
{
    struct sb s = {.arena = &b->arena};
    day_plain(&s, day);
    return s.n ? sb_str(&s) : STR("");
}

static struct str plain(struct books *b, int64_t minor, unsigned places)
{
    struct sb s = {.arena = &b->arena};
    amount_plain(&s, minor, places);
    return s.n ? sb_str(&s) : STR("");
}

static struct str title(struct books *b, const struct msa_result *r)
{
    struct sb s = {.arena = &b->arena};
    line_title(b, &s, r);
    return sb_str(&s);
}

/* Quantity and unit price whose product is the amount to the cent; else one of it. */
static void factors(struct books *b, const struct msa_result *r, struct str *quantity, struct str *price)
{
    if (line_multiplies(r)) {
        *quantity = text_str(r->quantity);
        *price = r->amount < 0 ? str_printf(&b->arena, "-%.*s", (int)r->price.n, r->price.p) : text_str(r->price);
    } else {
        *quantity = STR("1");
        *price = plain(b, r->amount, r->places);
    }
}

static void cells(struct sb *out, const struct str *cell, size_t n)
{
    for (size_t i = 0; i < n; i++) { csv_cell(out, cell[i], i == 0); }
    sb_puts(out, "\r\n");
}

/* A spreadsheet must not run a text that came from the agreement or an event. */
static struct str harmless(struct books *b, struct str s) { return csv_like_a_formula(s) ? str_printf(&b->arena, "'%.*s", STR_ARG(s)) : s; }

static void own(struct books *b, struct sb *out, const struct bill *v, const struct msa_result *r)
{
    struct sb from = {.arena = &b->arena};
    bool any = origin_text(&from, r);
    struct str cell[] = {v->invoice ? v->number : STR(""), day_iso(b, v->invoice ? v->invoice->issued : INT32_MIN), day_iso(b, v->invoice ? v->invoice->payable : INT32_MIN),
                         text_str(r->line_kind), harmless(b, clause_text(b, r)), harmless(b, text_str(msa_module_clause(b->agreement.module, r->clause).section)),
                         text_str(r->charge), harmless(b, title(b, r)), text_str(r->period), day_iso(b, r->day_from), day_iso(b, r->day_to), text_str(r->quantity),
                         r->quantity.n ? harmless(b, text_str(r->unit)) : STR(""), text_str(r->price), plain(b, r->amount, r->places), text_str(r->currency),
                         harmless(b, text_str(r->note)), any ? harmless(b, sb_str(&from)) : STR(""), harmless(b, text_str(r->id))};
    cells(out, cell, countof(cell));
}

static void xero(struct books *b, struct sb *out, const struct bill *v, const struct msa_result *r, const struct invoice_codes *codes)
{
    const struct str none = STR("");
    struct str quantity, price;
    factors(b, r, &quantity, &price);
    struct str cell[] = {codes->customer, none, none, none, none, none, none, none, none, none, v->number, text_str(msa_module_agreement(b->agreement.module)),
                         day_first(b, v->invoice->issued), day_first(b, v->invoice->payable != INT32_MIN ? v->invoice->payable : v->invoice->issued), codes->item, title(b, r),
                         quantity, price, none, codes->account, codes->tax_type, none, none, none, none, v->currency, none};
    cells(out, cell, countof(cell));
}

static void quickbooks(struct books *b, struct sb *out, const struct bill *v, const struct msa_result *r, const struct invoice_codes *codes)
{
    const struct str none = STR("");
    struct str quantity, price;
    factors(b, r, &quantity, &price);
    struct str cell[] = {v->number, codes->customer, day_first(b, v->invoice->issued), day_first(b, v->invoice->payable != INT32_MIN ? v->invoice->payable : v->invoice->issued),
                         none, none, text_str(msa_module_agreement(b->agreement.module)), codes->item.n ? codes->item : text_str(r->charge), title(b, r), quantity, price,
                         plain(b, r->amount, r->places), day_first(b, r->day != INT32_MIN ? r->day : r->day_to), v->currency};
    cells(out, cell, countof(cell));
}

void invoice_csv(struct books *b, struct sb *out, const struct bill *v, enum invoice_layout layout, const struct invoice_codes *codes)
{
    for (size_t i = 0; i < v->lines.n; i++) {
        const struct msa_result *r = v->lines.p[i];
        switch (layout) {
        case LAYOUT_CSV: own(b, out, v, r); break;
        case LAYOUT_XERO: xero(b, out, v, r, codes); break;
        case LAYOUT_QUICKBOOKS: quickbooks(b, out, v, r, codes); break;
        }
    }
}
