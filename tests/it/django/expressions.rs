//! After `expressions`: companies, their employees and chairs, and numbers.

use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Employee {
    id: i64,
    firstname: String,
    lastname: String,
    salary: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Company {
    id: i64,
    name: String,
    num_employees: i32,
    num_chairs: i32,
    ceo: ForeignKey<Employee>,
    point_of_contact: Option<ForeignKey<Employee>>,
}

fn all() -> [&'static orm::types::ModelMeta; 2] {
    orm::models![Employee, Company]
}

async fn world() -> Result<()> {
    let employees = [(1, "Joe", "Smith", 10), (2, "Frank", "Meyer", 20), (3, "Max", "Mustermann", 30)];
    let employees = employees.map(|(id, first, last, salary)| {
        Employee::draft().id(id).firstname(first).lastname(last).salary(salary).build()
    });
    Employee::objects().bulk_create(employees).await?;
    let companies = [(1, "Example Inc.", 2300, 5), (2, "Foobar Ltd.", 3, 4), (3, "Test GmbH", 32, 1)];
    let companies = companies.map(|(id, name, employees, chairs)| {
        Company::draft().id(id).name(name).num_employees(employees).num_chairs(chairs).ceo(id).build()
    });
    Company::objects().bulk_create(companies).await?;
    Ok(())
}

async fn chairs() -> Result<Vec<i32>> {
    Company::objects().order_by(|c| c.id).values(|c| c.num_chairs).await
}

/// `expressions.BasicExpressionsTests.test_filter_inter_attribute`
#[orm::test(models = all(), fixture = world)]
async fn a_column_is_compared_with_another() -> Result<()> {
    let more = || Company::objects().filter(|c| c.num_employees.gt(c.num_chairs));
    assert_eq!(more().order_by(|c| c.id).values(|c| c.id).await?, [1, 3]);
    assert_eq!(Company::objects().exclude(|c| c.num_employees.gt(c.num_chairs)).values(|c| c.id).await?, [2]);
    Ok(())
}

/// `expressions.BasicExpressionsTests.test_update_inter_attribute`, `test_arithmetic`, `test_order_of_operations`
#[orm::test(models = all(), fixture = world)]
async fn a_column_is_set_to_what_is_calculated_of_others() -> Result<()> {
    Company::objects().update(|c| c.num_chairs.set(c.num_employees)).await?;
    assert_eq!(chairs().await?, [2300, 3, 32]);
    Company::objects().update(|c| c.num_chairs.set(c.num_employees + c.num_employees * 2)).await?;
    assert_eq!(chairs().await?, [6900, 9, 96]);
    Company::objects().update(|c| c.num_chairs.set((c.num_employees + 2) * c.num_employees)).await?;
    assert_eq!(chairs().await?, [5_294_600, 15, 1088]);
    Ok(())
}

/// `expressions.BasicExpressionsTests.test_update_with_fk`, `test_filter_with_join`
#[orm::test(models = all(), fixture = world)]
async fn a_key_is_set_to_another_and_compared_across_both() -> Result<()> {
    let same = || Company::objects().filter(|c| c.ceo.firstname.eq(c.point_of_contact.firstname));
    assert_eq!(same().count().await?, 0);
    assert_eq!(Company::objects().update(|c| c.point_of_contact.set(c.ceo.id.cast::<i64>())).await?, 3);
    assert_eq!(same().count().await?, 3);
    Employee::objects().filter(|e| e.id.eq(2)).update(|e| e.firstname.set("foo")).await?;
    assert_eq!(
        same().filter(|c| c.ceo.firstname.startswith("foo")).values(|c| c.name).await?,
        ["Foobar Ltd."]
    );
    Ok(())
}

/// `expressions.BasicExpressionsTests.test_subquery`, `test_nested_subquery`, `test_exist_single_field_output_field`
#[orm::test(models = all(), fixture = world)]
async fn a_subquery_is_a_value_and_refers_to_the_row_outside() -> Result<()> {
    Company::objects().filter(|c| c.id.eq(1)).update(|c| c.point_of_contact.set(3)).await?;
    let contact_only = Employee::objects()
        .filter(|e| {
            Company::objects().filter(|c| c.point_of_contact.eq(e.id)).exists()
                & !Company::objects().filter(|c| c.ceo.eq(e.id) & c.num_employees.gt(100)).exists()
        })
        .values(|e| e.lastname);
    assert_eq!(contact_only.await?, ["Mustermann"]);
    let smallest = Company::objects().order_by(|c| c.id).values(|c| {
        (c.id, Employee::objects().filter(|e| e.id.gt(c.id)).order_by(|e| e.id).values(|e| e.salary).first())
    });
    assert_eq!(smallest.await?, [(1, Some(20)), (2, Some(30)), (3, None)]);
    Ok(())
}

/// `expressions.ExpressionOperatorTests`: of 42 and 15
#[orm::test(models = all(), fixture = world)]
async fn operators_are_those_of_the_server() -> Result<()> {
    Company::objects().update(|c| c.num_chairs.set(42)).await?;
    let row = Company::objects()
        .values(|c| {
            (
                c.num_chairs + 15,
                c.num_chairs - 15,
                c.num_chairs * 15,
                c.num_chairs / 15,
                c.num_chairs % 20,
                -c.num_chairs,
            )
        })
        .first()
        .await?;
    assert_eq!(row, Some((57, 27, 630, 2, 2, -42)));
    Ok(())
}

/// `expressions.BasicExpressionsTests.test_order_by_exists`, `ordering.OrderingTests.test_order_by_f_expression`
#[orm::test(models = all(), fixture = world)]
async fn rows_are_ordered_by_what_is_calculated() -> Result<()> {
    let ids = Company::objects().order_by(|c| (c.num_employees % 10).desc()).values(|c| c.id).await?;
    assert_eq!(ids, [2, 3, 1]);
    let ids = Company::objects()
        .order_by(|c| {
            (Employee::objects().filter(|e| e.id.eq(c.ceo.id) & e.salary.gt(15)).count().desc(), c.id.desc())
        })
        .values(|c| c.id);
    assert_eq!(ids.await?, [3, 2, 1]);
    Ok(())
}

/// `expressions.FTests`, `expressions.IterableLookupInnerExpressionsTests.test_range_lookup_allows_F_expressions_and_expressions_for_integers`
#[orm::test(models = all(), fixture = world)]
async fn ranges_and_lists_may_be_of_columns() -> Result<()> {
    let ids = Company::objects()
        .filter(|c| c.num_employees.range(c.num_chairs, c.num_chairs + 100))
        .values(|c| c.id);
    assert_eq!(ids.await?, [3]);
    let salaries = Employee::objects().values(|e| e.salary);
    let ids = Company::objects().filter(|c| (c.num_chairs * 4).in_(salaries)).values(|c| c.id);
    assert_eq!(ids.await?, [1]);
    Ok(())
}
